package io.tidelake.streaming.changeevent;

import java.util.Arrays;
import java.util.Locale;

/** What a change event tells beside the columns of its row. */
enum ChangeEventMetadata {
  /** c, u, d or r; NULL when the event could not be read. */
  OP,
  /** Why the event could not be read; NULL when it could. */
  ERROR,
  /** The message as text when it could not be read; NULL when it could. */
  PAYLOAD;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ChangeEventMetadata of(String key) {
    return Arrays.stream(values()).filter(m -> m.key().equals(key)).findFirst().orElseThrow();
  }
}
