package io.tidelake.config;

import io.tidelake.secret.Secrets;

/**
 * The source database, which {@code lake sources} asks. As a text it hides the password.
 *
 * @param url JDBC address that ends with the database's name, without a password
 * @param user whom the database knows; the user of change capture
 * @param password its password; NULL for none
 */
public record DatabaseConfig(
    @Setting(
            value = "JDBC address that ends with the database's name, without a password.",
            example = "jdbc:mariadb://host:3306/logistics")
        String url,
    @Setting("The user of change capture.") String user,
    @Setting(value = "Its password.", example = "${file:capture-password}") String password) {

  @Override
  public String toString() {
    return "DatabaseConfig[url=%s, user=%s, password=%s]"
        .formatted(Secrets.mask(url), user, password == null ? null : Secrets.HIDDEN);
  }
}
