/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;

/**
 * Whether anybody listens at an address. The clients of Kafka and of the Hive Metastore try again
 * for seconds where nobody does.
 */
public final class Reachable {

  private static final int WITHIN_MILLIS = 2000;

  private Reachable() {}

  /**
   * Looks at the addresses of a server until one answers.
   *
   * @param what who is looked for
   * @param addresses {@code host:port}, with or without a scheme in front, separated by commas; of
   *     another kind they are left to the client
   * @throws IOException when nobody listens at any of them
   */
  public static void require(String what, String addresses) throws IOException {
    IOException last = null;
    for (String address : addresses.split(",")) {
      String place = address.replaceFirst("^\\w+://", "").strip();
      if (!place.matches("[\\w.-]+:\\d{1,5}")) {
        return;
      }
      int colon = place.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(
                place.substring(0, colon), Integer.parseInt(place.substring(colon + 1))),
            WITHIN_MILLIS);
        return;
      } catch (UnknownHostException e) {
        last = new IOException("%s at %s: this host is not known".formatted(what, place));
      } catch (IOException e) {
        last = new IOException("%s at %s: %s".formatted(what, place, e.getMessage()));
      }
    }
    throw last;
  }
}
