#include "base/day.h"

static bool digits(const char *at, size_t count, int32_t *number) {
    *number = 0;
    for (size_t i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') return false;
        *number = *number * 10 + (at[i] - '0');
    }
    return true;
}

static bool is_leap(int32_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static bool day_of(int32_t year, int32_t month, int32_t date, int32_t *day) {
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || date < 1 || date > lengths[month - 1] + (month == 2 && is_leap(year))) return false;
    int32_t before = year - 1; /* whole years since year 0, which is a leap year */
    *day = year ? 366 + before * 365 + before / 4 - before / 100 + before / 400 : 0;
    for (int32_t i = 1; i < month; i++) *day += lengths[i - 1] + (i == 2 && is_leap(year));
    *day += date;
    return true;
}

bool day_parse(Span text, int32_t *day) {
    int32_t year = 0, month = 0, date = 0;
    return text.len == 10 && text.data[4] == '-' && text.data[7] == '-' && digits(text.data, 4, &year) && digits(text.data + 5, 2, &month) &&
           digits(text.data + 8, 2, &date) && day_of(year, month, date, day);
}

int32_t day_of_time(Span time) {
    int32_t day = DAY_NONE, year = 0, month = 0, date = 0;
    size_t len = time.len > 4 && time.data[4] == '-' ? 10 : 8;
    if (time.len < len || (time.len > len && time.data[len] != 'T' && time.data[len] != 't' && time.data[len] != ' ')) return DAY_NONE;
    if (len == 10) return day_parse((Span){time.data, 10}, &day) ? day : DAY_NONE;
    bool fine = digits(time.data, 4, &year) && digits(time.data + 4, 2, &month) && digits(time.data + 6, 2, &date) && day_of(year, month, date, &day);
    return fine ? day : DAY_NONE;
}
