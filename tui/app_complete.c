/*
 * Completion in the prompts of predicates: Tab puts in what fits at the cursor, again the next, and
 * a box above shows what there is with counts. What fits is found by session/completion.c.
 */
#include "base/utf8.h"
#include "tui/app_state.h"

#define SHOWN_MAX 8

static void put_choice(App *app)
{
    CompletionState *state = &app->completion;
    const Completion *choice = &state->found.items[state->choice];
    StrBuf text = {0};
    StrView base = strbuf_view(&state->base);

    strbuf_add(&text, sv_slice(base, 0, state->found.from));
    strbuf_add(&text, choice->text);
    size_t cursor = text.len;

    strbuf_add(&text, sv_slice(base, state->found.to, SIZE_MAX));
    prompt_set(&app->prompt, strbuf_view(&text), cursor);
    strbuf_done(&text);
}

static void open_box(App *app)
{
    CompletionState *state = &app->completion;

    strbuf_clear(&state->base);
    strbuf_add(&state->base, prompt_text(&app->prompt));
    completion_find(&state->found, session_store(app->session), session_presets(app->session),
                    prompt_text(&app->prompt), app->prompt.cursor);
    state->choice = 0;
    state->is_open = state->found.count > 0;
    if (!state->is_open) {
        app_say(app, ROLE_OUTCOME_WAIT, "nothing that fits here is known");
        return;
    }
    put_choice(app);
    if (state->found.count == 1) {
        state->is_open = false;
    }
}

bool app_complete_key(App *app, Key key)
{
    CompletionState *state = &app->completion;
    bool is_next = key.code == KEY_CODE_TAB && key.mods == 0;
    bool is_previous = key.code == KEY_CODE_BACKTAB;

    if (state->is_open && key.mods == 0 && (key.code == KEY_CODE_DOWN || key.code == KEY_CODE_UP)) {
        is_next = key.code == KEY_CODE_DOWN;
        is_previous = !is_next;
    }
    if (!is_next && !is_previous) {
        state->is_open = false; /* what was put in stays */
        return false;
    }
    if (!state->is_open) {
        open_box(app);
        return true;
    }
    size_t step = is_next ? 1 : state->found.count - 1;

    state->choice = (state->choice + step) % state->found.count;
    put_choice(app);
    return true;
}

void app_complete_done(App *app)
{
    completion_done(&app->completion.found);
    strbuf_done(&app->completion.base);
}

static int widest(const CompletionState *state, size_t from, size_t count)
{
    int width = 0;

    for (size_t i = from; i < from + count; i++) {
        int own = utf8_width(state->found.items[i].text);

        width = own > width ? own : width;
    }
    return width;
}

void app_draw_completions(App *app, Canvas *canvas)
{
    const CompletionState *state = &app->completion;
    Rect prompt = app->layout.prompt;
    size_t shown = state->found.count < SHOWN_MAX ? state->found.count : SHOWN_MAX;

    if (!state->is_open || prompt.y < (int)shown + 2 || canvas->columns < 20) {
        return;
    }
    size_t from = state->choice >= shown ? state->choice - shown + 1 : 0;
    int name = widest(state, from, shown);
    int width = canvas->columns - 4 < 72 ? canvas->columns - 4 : 72;

    name = name > width - 16 ? width - 16 : name;
    Rect box = {2, prompt.y - (int)shown - 2, width, (int)shown + 2};

    canvas_fill(canvas, box, ROLE_BOX);
    canvas_box(canvas, box, ROLE_BOX);
    (void)canvas_printf(canvas, box.x + 2, box.y, box.width - 4, ROLE_BOX_TITLE, " %zu of %zu ",
                        state->choice + 1, state->found.count);
    for (size_t i = 0; i < shown; i++) {
        const Completion *item = &state->found.items[from + i];
        int y = box.y + 1 + (int)i;

        if (from + i == state->choice) {
            canvas_fill(canvas, (Rect){box.x + 1, y, box.width - 2, 1}, ROLE_TAB_CURRENT);
        }
        Role role = from + i == state->choice ? ROLE_TAB_CURRENT : ROLE_BOX_KEY;

        (void)canvas_text_cut(canvas, box.x + 2, y, name, role, item->text);
        (void)canvas_text_cut(canvas, box.x + 4 + name, y, box.width - name - 6,
                              role == ROLE_TAB_CURRENT ? role : ROLE_BOX, item->note);
    }
}
