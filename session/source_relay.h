/*
 * Relay: which entries of a stream's children go on at once, which are held, and in what order
 * those of two children come out, each once. It starts and ends no children: that is the chain's.
 */
#ifndef SESSION_SOURCE_RELAY_H
#define SESSION_SOURCE_RELAY_H

#include "base/base.h"
#include "base/str.h"
#include "session/source_chain.h"
#include "session/source_run.h"

/* Where the children of `stream` deliver to. */
RunSink relay_sink(Stream *stream);

/* Sends a notice, placed after the newest entry that was passed on. */
void relay_say(Stream *stream, StrView text);

/* Tells of entries that a child was not given the memory to keep. */
void relay_say_overrun(Stream *stream, Run *run);

/* Sends what the leading child holds. It was found to be new when it came, unless `is_unseen`. */
void relay_release(Stream *stream, bool is_unseen);

/* Sends what the child that led and the one that takes over hold, in one order, for the rest of the
 * turn; true when nothing is left. */
bool relay_release_both(Stream *stream, Run *old, Run *run);

/* Tells the tap when nothing waits for the history any more. */
void relay_tell_released(Stream *stream);

/* Sends all that is left, unfinished lines too, at the end of the program: see sources_flush. */
void relay_flush(Stream *stream);

#endif
