package io.tidelake.process;

import io.tidelake.error.LakeException;

/**
 * An address of a server.
 *
 * @param host name or IP address
 * @param port 1 to 65535
 */
public record HostAndPort(String host, int port) {

  /**
   * Reads {@code host:port}.
   *
   * @throws LakeException when the text is something else
   */
  public static HostAndPort of(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new HostAndPort(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    } catch (RuntimeException e) {
      throw new LakeException(
          "ADDRESS_INVALID", "'" + text + "' is not an address.", "Write host:port.", e);
    }
  }
}
