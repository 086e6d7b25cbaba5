#include "rulecount.h"

static size_t rules_of(const Plan *plan, size_t language) {
    const Language *one = language < languages_count(plan->languages) ? languages_at(plan->languages, language) : NULL;
    return one && lexicons_know(plan->lexicons, one) ? lexicons_rules(plan->lexicons, one) : 0;
}

RuleCounts *rulecounts_open(const Plan *plan, size_t examples) {
    RuleCounts *counts = memory_alloc(sizeof *counts);
    *counts = (RuleCounts){.plan = plan, .examples = examples};
    size_t nets = plan->tally.codebook->net_count;
    counts->nets = memset(memory_alloc(nets + 1), 0, nets + 1);
    for (size_t i = 0; i < LANGUAGES_MAX; i++) {
        size_t bytes = rules_of(plan, i) * sizeof(RuleCount);
        if (bytes) counts->rules[i] = memset(memory_alloc(bytes), 0, bytes);
    }
    return counts;
}

void rulecounts_close(RuleCounts *counts) {
    if (!counts) return;
    for (size_t i = 0; i < LANGUAGES_MAX; i++) {
        for (size_t j = 0; counts->rules[i] && j < rules_of(counts->plan, i); j++) examples_free(&counts->rules[i][j].examples);
        memory_free(counts->rules[i]);
    }
    memory_free(counts->nets);
    memory_free(counts);
}

static bool is_label(Span label, Span code, int pole) {
    if (label.len < code.len || !span_equal((Span){label.data, code.len}, code)) return false;
    Span rest = {label.data + code.len, label.len - code.len};
    if (!pole) return !rest.len;
    return rest.len && rest.data[0] == ':' && span_is((Span){rest.data + 1, rest.len - 1}, pole_name(pole));
}

static bool has_label(const Gold *gold, Span code, int pole) {
    for (size_t i = 0; i < gold->label_count; i++)
        if (is_label(gold->labels[i], code, pole)) return true;
    return false;
}

static void note_nets(RuleCounts *counts, const Gold *gold) {
    for (size_t i = 0; i < gold->label_count; i++) {
        const char *colon = memchr(gold->labels[i].data, ':', gold->labels[i].len);
        const Code *code = codebook_find(counts->plan->tally.codebook, colon ? (Span){gold->labels[i].data, (size_t)(colon - gold->labels[i].data)} : gold->labels[i]);
        if (code) counts->nets[code->net] = true;
    }
}

/* The hits of one rule in the response, as evidence. */
static void keep_example(RuleCounts *counts, RuleCount *count, const Seen *seen, uint64_t hash, uint32_t rule) {
    enum { MOST = 16 };
    Evidence evidence[MOST];
    size_t evidence_count = 0;
    for (size_t i = 0; i < seen->result.hit_count && evidence_count < MOST; i++) {
        const Hit *hit = &seen->result.hits[i];
        if (hit->rule == rule) evidence[evidence_count++] = (Evidence){hit->start, hit->end, lexicons_rule(counts->plan->lexicons, seen->language, rule)};
    }
    examples_take(&count->examples, counts->examples, hash, seen->doc.id, seen->doc.text, evidence, evidence_count);
}

static void count_hit(RuleCounts *counts, const Seen *seen, const Hit *hit, uint64_t hash) {
    RuleCount *count = &counts->rules[seen->language->index][hit->rule];
    count->hits++;
    if (count->seen == counts->number) return;
    count->seen = counts->number;
    count->responses++;
    count->marks += hash;
    if (counts->plan->read.gold && seen->gold.has_labels) {
        count->coded++;
        count->right += has_label(&seen->gold, counts->plan->tally.codebook->codes[hit->code].id, hit->pole);
    }
    keep_example(counts, count, seen, hash, hit->rule);
}

void rulecounts_add(RuleCounts *counts, const Seen *seen) {
    if (!seen->language) return;
    counts->number++;
    counts->responses[seen->language->index]++;
    bool gold = counts->plan->read.gold && seen->gold.has_labels;
    if (gold) counts->labelled[seen->language->index]++, note_nets(counts, &seen->gold);
    RuleCount *rules = counts->rules[seen->language->index];
    for (size_t i = 0; i < seen->matched_count; i++) {
        RuleCount *count = &rules[seen->matched[i]];
        count->matched += count->seen_matched != counts->number;
        count->seen_matched = counts->number;
    }
    if (!seen->result.hit_count) return;
    uint64_t hash = quote_hash(seen->doc.id, seen->doc.text);
    for (size_t i = 0; i < seen->result.hit_count; i++) count_hit(counts, seen, &seen->result.hits[i], hash);
}

void rulecounts_merge(RuleCounts *into, RuleCounts *from) {
    for (size_t i = 0; i < LANGUAGES_MAX; i++) {
        into->responses[i] += from->responses[i];
        into->labelled[i] += from->labelled[i];
        for (size_t j = 0; into->rules[i] && j < rules_of(into->plan, i); j++) {
            RuleCount *sum = &into->rules[i][j], *more = &from->rules[i][j];
            sum->matched += more->matched, sum->hits += more->hits, sum->responses += more->responses;
            sum->coded += more->coded, sum->right += more->right, sum->marks += more->marks;
            examples_merge(&sum->examples, &more->examples, into->examples);
        }
    }
    for (size_t i = 0; i < into->plan->tally.codebook->net_count; i++) into->nets[i] = into->nets[i] || from->nets[i];
}

bool rulecounts_coded(const RuleCounts *counts, uint16_t code) { return counts->nets[counts->plan->tally.codebook->codes[code].net]; }
