# Makes OUT, a C file with the bytes of IN, the page: cmake -DIN=... -DOUT=... -P embed.cmake
# The page must hold the marker that page.c replaces exactly once, or the report would be without its figures.
file(READ ${IN} text)
string(REGEX MATCHALL "/\\*VERBATIM_DATA\\*/null" markers "${text}")
list(LENGTH markers count)
if(NOT count EQUAL 1)
  message(FATAL_ERROR "${IN}: found the marker /*VERBATIM_DATA*/null ${count} times, expected it once")
endif()
file(READ ${IN} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR len "${digits} / 2")
string(REGEX REPLACE "(................................................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUT}
  "#include \"write/page_template.h\"\n\nconst unsigned char page_template[] = {\n${bytes}\n};\nconst size_t page_template_len = ${len};\n")
