/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import io.tidelake.docs.GeneratedPage;
import org.junit.jupiter.api.Test;

/** The page of the settings is that of the code. */
class ConfigReferenceTest {

  @Test
  void thePageIsThatOfTheCode() throws Exception {
    GeneratedPage.check("configuration.md", ConfigReference.page(), getClass());
  }
}
