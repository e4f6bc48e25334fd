/*
 * The member "redaction" of config.json: rules of the user's, rules of the program switched on and
 * off, values that stay readable. Reads, checks and prints it, and puts it to the rules.
 */
#ifndef SESSION_SETTINGS_REDACTION_H
#define SESSION_SETTINGS_REDACTION_H

#include "filters/redact_rules.h"
#include "session/settings.h"

/* Reads the member; what is wrong with a part of it becomes a line in the errors of `config`, and
 * the others are taken all the same. */
void setting_redaction_read(SettingRedaction *ret, Config *config, const Node *node);

/* Appends it as JSON. */
void setting_redaction_print(const SettingRedaction *redaction, StrBuf *buf);

/* Puts it to `rules`, which must be as they were read. */
void setting_redaction_apply(const SettingRedaction *redaction, RedactRules *rules);

/* Makes the rules as they are with the configuration of `options`, for commands without a session.
 * Where something is wrong with the member it fails rather than let through what the user wanted
 * masked. The caller frees them. */
RedactRules *setting_redaction_rules(const Options *options, Err *err);

#endif
