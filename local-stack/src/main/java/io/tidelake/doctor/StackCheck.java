/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.doctor.Check.Area;
import io.tidelake.health.Reachable;
import io.tidelake.process.FreePorts;
import io.tidelake.stack.StackAddresses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at the local stack of a project, which need not run. */
final class StackCheck {

  private static final String STACK = "local stack";

  private StackCheck() {}

  /**
   * The local stack: whether its servers answer, or whether its ports are still free for it.
   *
   * @param last the one that was started last in the work directory of {@code lake up}
   */
  static List<Check> run(Optional<StackAddresses> last) throws IOException {
    if (last.isEmpty()) {
      return List.of(Check.ok(Area.servers, STACK, "not running; `lake up` starts it"));
    }
    Map<String, Integer> ports = new TreeMap<>(last.get().ports());
    return last.get().isRunning() ? running(last.get(), ports) : ended(ports);
  }

  private static List<Check> running(StackAddresses stack, Map<String, Integer> ports) {
    List<Check> found = new ArrayList<>();
    String state = stack.ready() ? "running" : "starting";
    found.add(
        Check.ok(
            Area.servers,
            STACK,
            "%s in %s (process %d)".formatted(state, stack.workDir(), stack.pid())));
    ports.forEach(
        (server, port) -> {
          try {
            Reachable.require(server, "127.0.0.1:" + port);
          } catch (IOException e) {
            String log = "Its log: lake logs " + server;
            found.add(
                stack.ready()
                    ? Check.problem(Area.servers, STACK, e.getMessage(), log)
                    : Check.warning(Area.servers, STACK, e.getMessage(), log));
          }
        });
    return found;
  }

  private static List<Check> ended(Map<String, Integer> ports) throws IOException {
    List<Check> found = new ArrayList<>();
    found.add(Check.ok(Area.servers, STACK, "not running; `lake up` goes on with its data"));
    for (Map.Entry<String, Integer> server : ports.entrySet()) {
      int port = server.getValue();
      if (!FreePorts.isFree(port)) {
        found.add(
            Check.warning(
                Area.servers,
                "ports",
                "the last port of %s, %d, is taken by another process"
                    .formatted(server.getKey(), port),
                "`lake up` will take another one; tell clients that know the old one. `ss -ltnp sport = :%d` says who has it."
                    .formatted(port)));
      }
    }
    return found;
  }
}
