/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The versions with which Tidelake was built and tested; pom.xml says why these.
 *
 * @param flink Flink's
 * @param paimon Paimon's
 * @param paimonJar the artifact of Paimon's jar, which says for which Flink it was made
 * @param kafkaConnector that of Flink's connector for Kafka; its end says for which Flink it was
 *     made
 */
record BuiltWith(String flink, String paimon, String paimonJar, String kafkaConnector) {

  private static final String FILE = "built-with.properties";

  /** Those of this build. */
  static BuiltWith thisBuild() {
    Properties versions = new Properties();
    try (InputStream file = BuiltWith.class.getResourceAsStream(FILE)) {
      versions.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + FILE, e);
    }
    return new BuiltWith(
        versions.getProperty("flink"),
        versions.getProperty("paimon"),
        versions.getProperty("paimon-jar"),
        versions.getProperty("flink-connector-kafka"));
  }

  /** The first two numbers of a version: what is made for one of them runs with the others. */
  static String line(String version) {
    String[] numbers = version.split("[.-]");
    return numbers.length < 2 ? version : numbers[0] + "." + numbers[1];
  }
}
