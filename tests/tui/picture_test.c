/*
 * Picture: words stand over their cells, wide characters over both of theirs; runs end where the
 * look does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "tui/picture.h"

/* A theme that says nothing but that the role of times is bold. */
static Theme plain_theme(void)
{
    Theme theme = {.is_dark = true};
    for (int role = 0; role < ROLE_COUNT; role++) {
        theme.looks[role] = (Look){.foreground = COLOR_DEFAULT,
                                   .background = COLOR_DEFAULT,
                                   .exact_foreground = RGB_NONE,
                                   .exact_background = RGB_NONE};
    }
    theme.looks[ROLE_TIME].attributes = STYLE_BOLD;
    return theme;
}

/* Appends "X+WIDTH:WORDS|" of every text of the picture, in cells. */
static void list_texts(StrView picture, StrBuf *ret)
{
    size_t at;
    while ((at = sv_find(picture, SV("<text "))) != SIZE_MAX) {
        int x;
        int y;
        int length;
        picture = sv_slice(picture, at, SIZE_MAX);
        assert_int_equal(
            sscanf(picture.ptr, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"", &x, &y, &length), 3);
        size_t start = sv_find_char(picture, '>') + 1;
        size_t end = sv_find(picture, SV("</text>"));
        assert_int_equal((x - 8) % 8, 0);
        assert_int_equal(length % 8, 0);
        strbuf_printf(ret, "%d+%d:%.*s|", (x - 8) / 8, length / 8,
                      SV_ARG(sv_slice(picture, start, end - start)));
        picture = sv_slice(picture, end, SIZE_MAX);
    }
}

static void words_stand_over_their_cells(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int bold_from, bold_width;
        const char *expected;
    } CASES[] = {
        {"ab c", 0, 0, "0+4:ab c|"},
        {"ab  c", 0, 0, "0+2:ab|4+1:c|"},
        {"ab", 1, 1, "0+1:a|1+1:b|"},
        {"漢", 0, 0, "0+2:漢|"},
        {"a漢", 0, 0, "0+3:a漢|"},
        {"漢 b", 0, 0, "0+4:漢 b|"},
        {"漢  b", 0, 0, "0+2:漢|4+1:b|"},
        {"漢字", 2, 2, "0+2:漢|2+2:字|"},
        {"a漢b", 1, 2, "0+1:a|1+2:漢|3+1:b|"},
        {"12345678漢", 0, 0, "0+10:12345678漢|"},
    };
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
        Theme theme = plain_theme();
        Canvas canvas;
        StrBuf picture = {0};
        StrBuf texts = {0};
        canvas_init(&canvas, 10, 1);
        (void)canvas_text(&canvas, 0, 0, 10, ROLE_TEXT, sv(CASES[i].text));
        canvas_paint(&canvas, (Rect){CASES[i].bold_from, 0, CASES[i].bold_width, 1}, ROLE_TIME);
        picture_svg(&canvas, &theme, &picture);
        list_texts(strbuf_view(&picture), &texts);
        assert_string_equal(texts.ptr, CASES[i].expected);
        strbuf_done(&picture);
        strbuf_done(&texts);
        canvas_done(&canvas);
    }
}

/* A ground of its own has a rectangle as wide as its cells, halves included. */
static void grounds_cover_their_cells(void **state)
{
    (void)state;
    Theme theme = plain_theme();
    Canvas canvas;
    StrBuf picture = {0};
    theme.looks[ROLE_SELECTED].background = 4;
    canvas_init(&canvas, 10, 1);
    (void)canvas_text(&canvas, 2, 0, 10, ROLE_TEXT, SV("a漢"));
    canvas_ground(&canvas, (Rect){2, 0, 2, 1}, ROLE_SELECTED); /* half of it */
    picture_svg(&canvas, &theme, &picture);
    assert_true(sv_find(strbuf_view(&picture),
                        SV("<rect x=\"24\" y=\"8\" width=\"24\" height=\"17\"")) != SIZE_MAX);
    strbuf_done(&picture);
    canvas_done(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_stand_over_their_cells),
        cmocka_unit_test(grounds_cover_their_cells),
    };
    return cmocka_run_group_tests_name("tui/picture", tests, NULL, NULL);
}
