/*
 * Fuzz target of theme files: any bytes are a theme with all its roles, within the bounds that
 * theme.h states, or an error with words. A base is looked for once with and once without one to be
 * found. Replayed over its corpus by tests/themes/theme_fuzz_test.c.
 */
#include <stdlib.h>
#include <string.h>

#include "themes/theme.h"

#define COLORS 256
#define ALL_STYLES (STYLE_BOLD | STYLE_DIM | STYLE_UNDERLINE | STYLE_REVERSE | STYLE_ITALIC)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

static bool is_color(int16_t color)
{
    return color == COLOR_DEFAULT || (color >= 0 && color < COLORS);
}

static void check_theme(const Theme *theme)
{
    require(memchr(theme->name, '\0', sizeof(theme->name)) != NULL);
    for (int role = 0; role < ROLE_COUNT; role++) {
        const Look *look = &theme->looks[role];
        require(is_color(look->foreground) && is_color(look->background));
        require((look->attributes & ~ALL_STYLES) == 0 && (look->mono & ~ALL_STYLES) == 0);
        double contrast = theme_contrast(look->foreground, look->background);
        require(contrast >= 1 && contrast <= 21.01);
    }
}

/* A base that has every role, whatever it is called. */
static bool find_whole(const char *name, StrBuf *ret_text)
{
    (void)name;
    strbuf_add_str(ret_text, "{\"dark\":true,\"roles\":{");
    for (int role = 0; role < ROLE_COUNT; role++) {
        strbuf_printf(ret_text, "%s\"%s\":{\"fg\":7}", role > 0 ? "," : "", role_name((Role)role));
    }
    strbuf_add_str(ret_text, "}}");
    return true;
}

static void check(StrView text, bool (*find)(const char *name, StrBuf *ret_text))
{
    Theme theme;
    Err err = err_none();
    if (theme_read(text, "fuzz", find, &theme, &err)) {
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
