#include "questions.h"

#include "yamltree.h"

bool questions_read(const char *path, Arena *keep, Questions *questions, Fail *fail) {
    const YamlNode *root = NULL;
    if (!yaml_read(path, keep, &root, fail) || !yaml_expect(root, YAML_MAP, "questions", fail)) return false;
    for (size_t i = 0; i < root->count; i++) {
        const YamlNode *role = root->values[i];
        if (!yaml_expect(role, YAML_TEXT, "a question's role", fail)) return false;
        uint32_t number = 0;
        while (number < ROLE_COUNT && !span_is(role->text, role_name((int)number))) number++;
        if (number == ROLE_COUNT)
            return yaml_fail(role, fail, "found role '%.*s', expected open, could_improve or what_good", (int)role->text.len, role->text.data);
        *table_put(&questions->roles, span_trim(root->keys[i]->text)) = number;
    }
    return true;
}

bool questions_role(const Questions *questions, Span wording, Role *role) {
    uint32_t number = table_get(&questions->roles, span_trim(wording));
    if (number == TABLE_NONE) return false;
    *role = (Role)number;
    return true;
}

void questions_free(Questions *questions) { table_free(&questions->roles); }
