/*
 * Fuzz target of theme files: any bytes are a theme with all its roles, within the bounds that
 * theme.h states, or an error with words. A base is looked for once with and once without one to be
 * found. Replayed over its corpus by tests/themes/theme_fuzz_test.c.
 */
#include <stdlib.h>
#include <string.h>

#include "themes/theme.h"

#define ALL_STYLES                                                                                 \
    (STYLE_BOLD | STYLE_DIM | STYLE_UNDERLINE | STYLE_REVERSE | STYLE_ITALIC | STYLE_SOLID)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static bool is_color(int16_t color)
{
    return color == COLOR_DEFAULT || (color >= 0 && color < COLOR_COUNT);
}

static bool is_exact(Rgb color)
{
    return color == RGB_NONE || (color >= 0 && color <= 0xffffff);
}

static void check_theme(const Theme *theme)
{
    require(theme->colors == 0 || theme->colors == COLOR_ANSI || theme->colors == COLOR_COUNT);
    require(memchr(theme->about, '\0', sizeof(theme->about)) != NULL);
    require(memchr(theme->name, '\0', sizeof(theme->name)) != NULL);
    for (int role = 0; role < ROLE_COUNT; role++) {
        const Look *look = &theme->looks[role];
        require(is_color(look->foreground) && is_color(look->background));
        require((look->attributes & ~ALL_STYLES) == 0 && (look->mono & ~ALL_STYLES) == 0);
        require(is_exact(look->exact_foreground) && is_exact(look->exact_background));
        double contrast =
            rgb_contrast(rgb_of_number(look->foreground), rgb_of_number(look->background));
        require(contrast >= 1 && contrast <= 21.01);
    }
}

/* A base that has every role, whatever it is called. */
static bool find_whole(void *context, const char *name, const char *from, StrBuf *ret_text)
{
    (void)context;
    (void)name;
    (void)from;
    strbuf_add_str(ret_text, "{\"dark\":true,\"roles\":{");
    for (int role = 0; role < ROLE_COUNT; role++) {
        strbuf_printf(ret_text, "%s\"%s\":{\"fg\":7}", role > 0 ? "," : "", role_name((Role)role));
    }
    strbuf_add_str(ret_text, "}}");
    return true;
}

static void check(StrView text, ThemeFind find)
{
    Theme theme;
    Err err = err_none();
    if (theme_read(text, "fuzz", find, NULL, &theme, &err)) {
        check_theme(&theme);
    } else {
        require(err.text[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    StrView text = sv_of(size > 0 ? (const char *)data : "", size);
    check(text, NULL);
    check(text, find_whole);
    return 0;
}
