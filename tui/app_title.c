/*
 * The title: the source's state, its name, counts, the stream's predicate, the clock. Everything
 * said here is counted elsewhere. What has no room is left out, the least important first.
 */
#include <stdio.h>

#include "base/utf8.h"
#include "tui/app_capture.h"
#include "tui/app_state.h"

typedef struct StateLook {
    const char *glyph;
    const char *word;
    Role role;
} StateLook;

static const StateLook STATE_LOOKS[] = {
    [SOURCE_STARTING] = {"◌", "starting", ROLE_TITLE_WARN},
    [SOURCE_LIVE] = {"●", "live", ROLE_TITLE_LIVE},
    [SOURCE_STALLED] = {"◍", "stalled", ROLE_TITLE_WARN},
    [SOURCE_READING] = {"◔", "reading", ROLE_TITLE_LIVE},
    [SOURCE_RESTARTING] = {"↻", "restarting", ROLE_TITLE_WARN},
    [SOURCE_ENDED] = {"■", "ended", ROLE_TITLE_STRONG},
};

/* The state that matters most among the sources: trouble before bustle before rest. */
static size_t leading_source(const Sources *sources)
{
    static const int WEIGHTS[] = {
        [SOURCE_ENDED] = 0,   [SOURCE_LIVE] = 1,       [SOURCE_READING] = 2,
        [SOURCE_STALLED] = 3, [SOURCE_RESTARTING] = 4, [SOURCE_STARTING] = 5,
    };
    size_t leading = 0;
    int weight = -1;

    for (size_t i = 0; i < sources_count(sources); i++) {
        SourceStatus status;

        sources_status(sources, i, &status);
        int own = WEIGHTS[status.state];

        if (status.state == SOURCE_ENDED && status.has_exit && status.exit_status != 0) {
            own = 6;
        }
        if (own > weight) {
            weight = own;
            leading = i;
        }
    }
    return leading;
}

/* A piece of the title; pieces of high `rank` go first when room is short. */
typedef struct TitlePiece {
    StrBuf text;
    Role role;
    int rank;
} TitlePiece;

#define TITLE_PIECES 14

static void add_piece(TitlePiece *pieces, size_t *count, Role role, int rank, const char *text)
{
    pieces[*count] = (TitlePiece){.role = role, .rank = rank};
    strbuf_add_str(&pieces[*count].text, text);
    (*count)++;
}

static void add_source_pieces(const App *app, TitlePiece *pieces, size_t *count)
{
    const Sources *sources = session_sources(app->session);
    SourceStatus status;
    char text[160];

    if (sources_count(sources) == 0) {
        return;
    }
    sources_status(sources, leading_source(sources), &status);
    const StateLook *look = &STATE_LOOKS[status.state];
    Role role = look->role;

    if (status.state == SOURCE_ENDED && status.has_failed) {
        (void)snprintf(text, sizeof text, "%s broken off", look->glyph);
        role = ROLE_TITLE_FAIL;
    } else if (status.state == SOURCE_ENDED && status.has_exit && status.exit_status != 0) {
        if (status.exit_status > 128) {
            (void)snprintf(text, sizeof text, "%s killed (signal %d)", look->glyph,
                           status.exit_status - 128);
        } else {
            (void)snprintf(text, sizeof text, "%s ended (exit %d)", look->glyph,
                           status.exit_status);
        }
        role = ROLE_TITLE_FAIL;
    } else if (status.state == SOURCE_READING && status.bytes_total > 0) {
        (void)snprintf(text, sizeof text, "%s reading %d %%", look->glyph,
                       (int)(100.0 * (double)status.bytes / (double)status.bytes_total));
    } else {
        (void)snprintf(text, sizeof text, "%s %s", look->glyph, look->word);
    }
    add_piece(pieces, count, role, 0, text);
    role = app_capture_title(app, text, sizeof text);
    if (text[0] != '\0') {
        add_piece(pieces, count, role, role == ROLE_TITLE_FAIL ? 0 : 2, text);
    }
    if (sources_count(sources) > 1) {
        (void)snprintf(text, sizeof text, "%zu sources", sources_count(sources));
    } else {
        int used;

        (void)snprintf(text, sizeof text, "%.*s",
                       SV_ARG(sv_slice(status.name, 0, utf8_fit(status.name, 40, &used))));
    }
    add_piece(pieces, count, ROLE_TITLE, 4, text);
}

static void add_count_pieces(const App *app, TitlePiece *pieces, size_t *count, int64_t now)
{
    const StoreCounts *counts = store_counts(session_store(app->session));
    uint64_t drops = session_drops(app->session);
    char number[32];
    char text[96];

    (void)snprintf(text, sizeof text, "%s entries", app_count(counts->entries, number));
    add_piece(pieces, count, ROLE_TITLE_STRONG, 1, text);
    if (!session_is_loaded(app->session)) {
        (void)snprintf(text, sizeof text, "%.0f/s", session_rate(app->session, now));
        add_piece(pieces, count, ROLE_TITLE, 5, text);
    }
    if (drops > 0) { /* how many entries each stands for, log does not say */
        (void)snprintf(text, sizeof text, "drop notices: %s", app_count(drops, number));
        add_piece(pieces, count, ROLE_TITLE_FAIL, 0, text);
    } else {
        add_piece(pieces, count, ROLE_TITLE, 6, "0 dropped");
    }
    if (counts->evicted > 0) {
        (void)snprintf(text, sizeof text, "%s evicted", app_count(counts->evicted, number));
        add_piece(pieces, count, ROLE_TITLE_WARN, 3, text);
    }
    uint64_t stopped = app_pane(app)->filter_stopped + search_stopped(session_search(app->session));

    if (stopped > 0) { /* such an entry does not match: its pattern needed too many steps */
        (void)snprintf(text, sizeof text, "pattern gave up on %s", app_count(stopped, number));
        add_piece(pieces, count, ROLE_TITLE_WARN, 2, text);
    }
    if (session_hidden(app->session) > 0) {
        (void)snprintf(text, sizeof text, "%s hidden by options",
                       app_count(session_hidden(app->session), number));
        add_piece(pieces, count, ROLE_TITLE_WARN, 3, text);
    }
    ViewCounts own = view_counts(app_pane(app)->view);

    if (own.masked > 0 && own.entries > 0) {
        (void)snprintf(text, sizeof text, "<private> %.0f %%",
                       100.0 * (double)own.masked / (double)own.entries);
        add_piece(pieces, count, ROLE_TITLE, 8, text);
    }
    if (own.noise > 0) {
        (void)snprintf(text, sizeof text, "%s noise hidden", app_count(own.noise, number));
        add_piece(pieces, count, ROLE_TITLE, 4, text);
    }
    (void)snprintf(
        text, sizeof text, "ring %d %%",
        counts->budget > 0 ? (int)(100.0 * (double)counts->bytes / (double)counts->budget) : 0);
    add_piece(pieces, count, ROLE_TITLE, 7, text);
}

/* Leaves out pieces, the least important first, until the rest fits. */
static int drop_rank(const TitlePiece *pieces, size_t count, int room)
{
    for (int limit = 9; limit > 0; limit--) {
        int used = 0;

        for (size_t i = 0; i < count; i++) {
            if (pieces[i].rank <= limit) {
                used += utf8_width(strbuf_view(&pieces[i].text)) + 3;
            }
        }
        if (used <= room) {
            return limit;
        }
    }
    return 0;
}

void app_draw_title(App *app, Canvas *canvas, int64_t now, Stamp wall)
{
    Rect area = app->layout.title;
    TitlePiece pieces[TITLE_PIECES];
    size_t count = 0;
    char clock[CLOCK_STAMP_MAX];

    if (area.height == 0) {
        return;
    }
    canvas_fill(canvas, area, ROLE_TITLE);
    int x =
        1 + canvas_text(canvas, 1, area.y, area.width - 1, ROLE_TITLE_STRONG, SV("mdmscope")) + 2;
    int right = area.width;

    clock_format(wall, CLOCK_SECOND, clock);
    if (area.width >= 50) {
        right = area.width - 9;
        (void)canvas_text(canvas, right, area.y, 8, ROLE_TITLE, sv(clock));
    }
    add_source_pieces(app, pieces, &count);
    add_count_pieces(app, pieces, &count, now);
    int limit = drop_rank(pieces, count, right - x);

    for (size_t i = 0; i < count; i++) {
        if (pieces[i].rank <= limit) {
            x += canvas_text_cut(canvas, x, area.y, right - x - 1, pieces[i].role,
                                 strbuf_view(&pieces[i].text)) +
                 3;
        }
        strbuf_done(&pieces[i].text);
    }
    StrView running = app_running_predicate(app);

    if (area.width >= APP_TITLE_PREDICATE_COLUMNS && running.len > 0 && right - x > 24) {
        (void)canvas_printf(canvas, x, area.y, right - x - 2, ROLE_TITLE, "log: %.*s",
                            SV_ARG(running));
    }
}
