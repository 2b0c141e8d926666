/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  /** Where Linux takes the ports of connections from, by default. */
  private static final int FIRST_OF_CONNECTIONS = 32_768;

  @Test
  void noneIsGivenTwiceAndNoConnectionTakesOne() throws Exception {
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      assertThat(ports.add(FreePorts.next())).isTrue();
    }
    assertThat(ports).allMatch(port -> port < FIRST_OF_CONNECTIONS && port > 1024);
  }

  @Test
  void thePortOfBeforeIsTakenWhenItIsFree() throws Exception {
    int port = FreePorts.next();
    assertThat(FreePorts.next(port)).isEqualTo(port);
    try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePorts.next(other.getLocalPort())).isNotEqualTo(port);
    }
  }

  @Test
  void aPortThatConnectionsTakeIsGivenUp() throws Exception {
    int taken;
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      taken = other.getLocalPort();
    }
    assertThat(taken).isGreaterThanOrEqualTo(FIRST_OF_CONNECTIONS);
    assertThat(FreePorts.next(taken)).isLessThan(FIRST_OF_CONNECTIONS);
  }
}
