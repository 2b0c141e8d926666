/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:mariadb://h/db?user=shop&password=pa55&ssl=true|jdbc:mariadb://h/db?user=shop&password=******&ssl=true",
        "postgresql://shop:pa55@host/db|postgresql://shop:******@host/db",
        "{s3.access-key=AK1, s3.secret-key=pa55, warehouse=s3://b}|{s3.access-key=******, s3.secret-key=******, warehouse=s3://b}",
        "Database[user=shop, password=pa55]|Database[user=shop, password=******]",
        "Cannot use sasl.jaas.config=Module(pa55|Cannot use sasl.jaas.config=******",
        "fs.azure.account.key.a=pa55|fs.azure.account.key.a=******",
      })
  void hidesWhatIsNamedLikeASecret(String text, String masked) {
    assertThat(Secrets.mask(text)).isEqualTo(masked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password=${env:PW}",
        "export LAKE_PASSWORD=…",
        "postgresql://shop:${env:PW}@host/db",
        "security.delegation.tokens.enabled=false",
        "hive.metastore.sasl.enabled=true",
        "--set catalog/warehouse=s3://bucket/lake",
        "thrift://host:9083, http://host:8080/a@b",
      })
  void leavesTheRestAsItIs(String text) {
    assertThat(Secrets.mask(text)).isEqualTo(text);
  }

  @Test
  void hidesWhatItWasToldAlsoWhereOneSecretIsAPartOfAnother() {
    Secrets.remember("k3y-of-SecretsTest");
    Secrets.remember("k3y-of-SecretsTest-2");
    Secrets.remember("ab");
    Secrets.remember("true");
    Secrets.remember("");
    assertThat(Secrets.mask("about k3y-of-SecretsTest-2 and k3y-of-SecretsTest$, true"))
        .isEqualTo("about ****** and ******$, true");
    assertThat(Secrets.mask(null)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "s3.secret-key, pa55, true",
    "password, ${env:PW}, false",
    "password, '', false",
    "url, jdbc:mariadb://h/?password=pa55, true",
    "url, jdbc:mariadb://h/?password=${file:pw}, false",
    "url, jdbc:mariadb://h/db, false",
    "uri, http://a:pa55@h/, true",
    "security.delegation.tokens.enabled, true, false",
    "warehouse, /data/lake, false",
  })
  void tellsASecretFromAReference(String name, String value, boolean told) {
    assertThat(Secrets.isTold(name, value)).isEqualTo(told);
  }
}
