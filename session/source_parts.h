/*
 * Parts: the files of a capture that was written in parts (FILE, FILE.0002, FILE.0003, …) are one
 * source, in whatever order the command line names them.
 */
#ifndef SESSION_SOURCE_PARTS_H
#define SESSION_SOURCE_PARTS_H

#include "session/options.h"

/* Takes the files that go on with another one out of the sources and puts them into
 * Options.parts. A part whose predecessor is not named is a source as any other. */
void source_parts_join(Options *options);

/* Finds the file in Options.parts that goes on with `path`; NULL = there is none. */
const char *source_parts_after(const Options *options, const char *path);

#endif
