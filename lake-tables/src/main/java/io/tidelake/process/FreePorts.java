/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that are about to start on the loopback interface. They lie below those that
 * the system gives to connections (Linux: from 32768 on), so that no client takes one before its
 * server starts, or while it is started again.
 */
public final class FreePorts {

  private static final int FIRST = 15_000;
  private static final int LAST = 32_000;
  private static final int TRIES = 100;

  /** Ports of this process, which may not listen yet. */
  private static final Set<Integer> TAKEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /**
   * A port that nobody listens on now, and that this process has not been given before.
   *
   * @throws IOException when none is found
   */
  public static int next() throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      if (isFree(port) && TAKEN.add(port)) {
        return port;
      }
    }
    throw new BindException("No port from " + FIRST + " to " + LAST + " is free");
  }

  /**
   * A port that a server had before, when nobody listens on it now and it is one of those above;
   * else another.
   *
   * @param before NULL for none
   * @throws IOException when none is found
   */
  public static int next(Integer before) throws IOException {
    return before != null && before >= FIRST && before < LAST && isFree(before) ? before : next();
  }

  /**
   * Whether nobody listens on a port of the loopback interface.
   *
   * @throws IOException when that cannot be found out
   */
  public static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (BindException e) {
      return false;
    }
  }
}
