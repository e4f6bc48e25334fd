/*
 * Picture: a canvas as an SVG file, in the colours of a theme: for the README and for reports. The
 * same canvas gives the same bytes, so that a test can tell whether a picture is still true.
 */
#ifndef TUI_PICTURE_H
#define TUI_PICTURE_H

#include "base/str.h"
#include "themes/theme.h"
#include "tui/canvas.h"

/* Appends the picture. */
void picture_svg(const Canvas *canvas, const Theme *theme, StrBuf *buf);

#endif
