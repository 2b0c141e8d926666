/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which tables are made from which. {@link LineageReader} finds it out.
 *
 * @param edges sorted by pipeline, written table, and read table
 */
public record Lineage(List<Edge> edges) {

  /** How a pipeline uses a table that it reads. */
  public enum Kind {
    /** Every change of the table leads to a change of the written one. */
    READ,
    /** Rows are looked up by key when a row of another table comes. */
    LOOKUP
  }

  /**
   * One table made from another.
   *
   * @param from the table that is read
   * @param to the table that is written
   * @param pipeline which pipeline does it
   * @param kind how it reads
   */
  public record Edge(String from, String to, String pipeline, Kind kind) {}

  private static final Comparator<Edge> ORDER =
      Comparator.comparing(Edge::pipeline)
          .thenComparing(Edge::to)
          .thenComparing(Edge::kind)
          .thenComparing(Edge::from);

  public Lineage {
    edges = edges.stream().distinct().sorted(ORDER).toList();
  }

  /** The names of all tables, sorted. */
  public Set<String> tables() {
    Set<String> tables = new TreeSet<>();
    edges.forEach(edge -> tables.addAll(List.of(edge.from(), edge.to())));
    return tables;
  }

  /** For people: each pipeline with the tables that it writes, and from which. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    String pipeline = "";
    String to = "";
    for (Edge edge : edges) {
      if (!edge.pipeline().equals(pipeline)) {
        pipeline = edge.pipeline();
        to = "";
        text.append(pipeline).append('\n');
      }
      if (!edge.to().equals(to)) {
        to = edge.to();
        text.append("  ").append(to).append('\n');
      }
      text.append("    <- ").append(edge.from());
      text.append(edge.kind() == Kind.LOOKUP ? " (lookup)\n" : "\n");
    }
    return text.toString();
  }

  /** For Mermaid: a box per layer, dotted arrows for lookups. */
  public String toMermaid() {
    StringBuilder text = new StringBuilder("flowchart LR\n");
    layers()
        .forEach(
            (layer, tables) -> {
              boolean isLayer = !layer.isEmpty();
              text.append(isLayer ? "  subgraph " + layer + "\n" : "");
              tables.forEach(table -> text.append("    ").append(table).append('\n'));
              text.append(isLayer ? "  end\n" : "");
            });
    for (Edge edge : edges) {
      text.append("  ").append(edge.from());
      text.append(edge.kind() == Kind.LOOKUP ? " -.->|" : " -->|");
      text.append(edge.pipeline()).append("| ").append(edge.to()).append('\n');
    }
    return text.toString();
  }

  /** For Graphviz: dashed arrows for lookups. */
  public String toDot() {
    StringBuilder text =
        new StringBuilder("digraph lineage {\n  rankdir=LR;\n  node [shape=box];\n");
    for (Edge edge : edges) {
      text.append("  ").append(edge.from()).append(" -> ").append(edge.to());
      text.append(" [label=\"").append(edge.pipeline()).append('"');
      text.append(edge.kind() == Kind.LOOKUP ? ", style=dashed];\n" : "];\n");
    }
    return text.append("}\n").toString();
  }

  private Map<String, List<String>> layers() {
    return tables().stream()
        .collect(
            Collectors.groupingBy(
                table -> table.substring(0, Math.max(0, table.indexOf('_'))),
                TreeMap::new,
                Collectors.toList()));
  }

  /** All tables that are made from a table, through others or not. */
  public Set<String> following(String table) {
    Set<String> following = new TreeSet<>();
    Set<String> found = Set.of(table);
    while (!found.isEmpty()) {
      Set<String> from = found;
      found =
          edges.stream()
              .filter(edge -> from.contains(edge.from()))
              .map(Lineage.Edge::to)
              .filter(to -> !to.equals(table) && following.add(to))
              .collect(Collectors.toSet());
    }
    return following;
  }
}
