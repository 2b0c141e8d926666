package io.tidelake.config;

import io.tidelake.secret.Secrets;
import java.time.ZoneId;

/**
 * Where change events come from.
 *
 * @param bootstrapServers Kafka's {@code host:port} list
 * @param topicPrefix topics are named {@code <topic-prefix>.<source table>}
 * @param timeZone in which the source writes times that name no zone
 * @param database the source database itself; NULL when it is not configured
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
        String connector) {

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
