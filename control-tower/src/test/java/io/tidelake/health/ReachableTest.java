/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.process.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ReachableTest {

  @Test
  void oneOfTheAddressesIsEnough() throws Exception {
    String nobody = "127.0.0.1:" + FreePorts.next();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String somebody = "127.0.0.1:" + server.getLocalPort();
      assertThatCode(() -> Reachable.require("Kafka", nobody + ", " + somebody))
          .doesNotThrowAnyException();
      assertThatCode(() -> Reachable.require("Hive", "thrift://" + somebody))
          .doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> Reachable.require("Kafka", nobody))
        .isInstanceOf(IOException.class)
        .hasMessage("Kafka at " + nobody + ": Connection refused");
  }

  @Test
  void otherAddressesAreLeftToTheClient() {
    assertThatCode(() -> Reachable.require("Hive", "jdbc:mysql://host:3306/hive"))
        .doesNotThrowAnyException();
  }
}
