/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void wideCharactersTakeTwoColumns() {
    StringWriter out = new StringWriter();

    TextTable.print(
        List.of(List.of("city", "parcels"), List.of("上海市", "1,200"), List.of("Brest", "7")),
        new PrintWriter(out, true));

    assertThat(out.toString())
        .isEqualTo(
            """
            city    parcels
            上海市    1,200
            Brest         7
            """);
  }
}
