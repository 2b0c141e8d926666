/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import io.tidelake.secret.Secrets;
import java.nio.file.Path;
import java.time.ZoneId;

/**
 * Where change events come from.
 *
 * @param bootstrapServers Kafka's {@code host:port} list
 * @param topicPrefix topics are named {@code <topic-prefix>.<source table>}
 * @param timeZone in which the source writes times that name no zone
 * @param database the source database itself; NULL when it is not configured
 * @param localStack what the database of the local stack holds
 * @param connector address of change capture in Kafka Connect; NULL when it is not configured
 */
public record SourceConfig(
    @Setting(value = "Kafka's list of addresses.", example = "kafka-1:9092,kafka-2:9092")
        String bootstrapServers,
    @Setting("Topics are named `<topic-prefix>.<source table>`.") String topicPrefix,
    @Setting(
            value =
                "Zone of times of the source that name none: DATETIME in the change log, and in Parquet files.",
            fallback = "UTC")
        ZoneId timeZone,
    @Setting(value = "The source database itself, which `lake sources` asks.", optional = true)
        Database database,
    @Setting(
            value = "Change capture in Kafka Connect, which `lake sources reread` asks.",
            example = "http://host:8083/connectors/NAME")
        String connector,
    @Setting("What the database of the local stack (`lake up`, `lake demo`) holds.")
        LocalStack localStack) {

  /**
   * The source database of the local stack.
   *
   * @param database its name
   * @param schema MariaDB's statements that make the tables; NULL for those of the order system
   * @param changes statements that {@code lake demo} runs in it while the lake follows; NULL for
   *     the orders of the order system
   */
  public record LocalStack(
      @Setting(value = "Its name.", fallback = "logistics") String database,
      @Setting(
              value =
                  "SQL file that makes what is missing in it, run at each start. By default the order system's tables.",
              example = "demo/schema.sql")
          Path schema,
      @Setting(
              value =
                  "SQL file with changes that `lake demo` makes in it while the lake follows. By default orders of the order system.",
              example = "demo/changes.sql")
          Path changes) {}

  /**
   * The source database, which {@code lake sources} asks. As a text it hides the password.
   *
   * @param url JDBC address that ends with the database's name, without a password
   * @param user whom the database knows; the user of change capture
   * @param password its password; NULL for none
   */
  public record Database(
      @Setting(
              value = "JDBC address that ends with the database's name, without a password.",
              example = "jdbc:mariadb://host:3306/logistics")
          String url,
      @Setting("The user of change capture.") String user,
      @Setting(value = "Its password.", example = "${file:capture-password}") String password) {

    @Override
    public String toString() {
      return "Database[url=%s, user=%s, password=%s]"
          .formatted(Secrets.mask(url), user, password == null ? null : Secrets.HIDDEN);
    }
  }
}
