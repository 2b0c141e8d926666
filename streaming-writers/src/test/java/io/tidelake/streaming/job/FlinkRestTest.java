/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlinkRestTest {

  @ParameterizedTest
  @CsvSource({"localhost:8081, localhost, 8081", "[::1]:8081, [::1], 8081"})
  void anAddressIsAHostAndAPort(String address, String host, int port) {
    Configuration flink = new Configuration();
    FlinkCluster.submitTo(address, flink);
    assertThat(flink.get(RestOptions.ADDRESS)).isEqualTo(host);
    assertThat(flink.get(RestOptions.PORT)).isEqualTo(port);
    assertThat(new FlinkRest(address).address()).isEqualTo("http://" + address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "localhost:", "localhost:x", "http://localhost:8081"})
  void whatIsNoAddressIsRefused(String address) {
    assertThatThrownBy(() -> new FlinkRest(address))
        .hasMessage("'" + address + "' is not an address.")
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.ADDRESS_INVALID);
              assertThat(error.remedy()).isEqualTo("Write host:port.");
            });
  }
}
