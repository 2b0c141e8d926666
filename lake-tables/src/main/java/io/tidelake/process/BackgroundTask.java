/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.process;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Work in a daemon thread of its own, whose failure reaches the one who asks for its result. */
public final class BackgroundTask<T> extends FutureTask<T> {

  private BackgroundTask(Callable<T> work) {
    super(work);
  }

  /**
   * Starts it.
   *
   * @param name name of the thread
   */
  public static <T> BackgroundTask<T> start(String name, Callable<T> work) {
    BackgroundTask<T> task = new BackgroundTask<>(work);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  /**
   * Waits for its result.
   *
   * @throws Exception what the work threw
   */
  public T result() throws Exception {
    try {
      return get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
