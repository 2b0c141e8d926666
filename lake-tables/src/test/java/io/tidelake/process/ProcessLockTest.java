/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {

  @Test
  void onlyOneHoldsIt(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("made/when-missing.lock");
    try (ProcessLock held = ProcessLock.take(file, IllegalStateException::new)) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> ProcessLock.take(file, IllegalStateException::new))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("" + ProcessHandle.current().pid());
    }
    ProcessLock.take(file, IllegalStateException::new).close();
  }
}
