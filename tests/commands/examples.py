def test(tests): pass
