/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import io.tidelake.tables.model.SqlName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.calcite.config.Lex;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.flink.sql.parser.ddl.SqlTableColumn.SqlRegularColumn;
import org.apache.flink.sql.parser.ddl.table.SqlCreateTable;
import org.apache.flink.sql.parser.ddl.view.SqlCreateView;
import org.apache.flink.sql.parser.dml.RichSqlInsert;
import org.apache.flink.sql.parser.impl.FlinkSqlParserImpl;
import org.apache.flink.sql.parser.validate.FlinkSqlConformance;

/**
 * One statement of Flink's SQL, as Flink's own parser reads it. Names are told without the catalog
 * and database in front of them.
 *
 * @param text the statement as it is written
 * @param kind what it does
 * @param name the table that is written, or the view that is made; empty for others
 * @param into the table that an INSERT writes as it is written, with its database and hints; empty
 *     for others
 * @param columns the columns that an INSERT names, in that order; empty when it names none
 * @param query what an INSERT writes, or a view shows, as it is written; empty for others
 * @param reads the tables and views that stand in its FROM clauses
 * @param functions the functions that it calls, in upper case
 */
public record SqlStatement(
    String text,
    Kind kind,
    Optional<String> name,
    Optional<String> into,
    List<String> columns,
    Optional<String> query,
    Set<String> reads,
    Set<String> functions) {

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_]\\w*");

  private static final SqlParser.Config PARSER =
      SqlParser.config()
          .withParserFactory(FlinkSqlParserImpl.FACTORY)
          .withConformance(FlinkSqlConformance.DEFAULT)
          .withLex(Lex.JAVA)
          .withIdentifierMaxLength(256);

  /** What a statement does. */
  public enum Kind {
    INSERT,
    VIEW,
    OTHER
  }

  /** A statement cannot be read. */
  public static final class UnreadableException extends Exception {

    private final int line;

    private UnreadableException(String text, String reason) {
      super("%s in `%s`".formatted(reason, text.lines().findFirst().orElse("")));
      this.line = 1;
    }

    private UnreadableException(String text, SqlParseException cause) {
      this(text, cause.getPos() == null ? 1 : Math.max(cause.getPos().getLineNum(), 1), cause);
    }

    private UnreadableException(String text, int line, SqlParseException cause) {
      // The rest of the message lists every token that could stand there.
      super(
          "%s in `%s`"
              .formatted(
                  cause.getMessage().lines().findFirst().orElse(""),
                  text.lines().skip(line - 1).findFirst().orElse("").strip()));
      this.line = line;
    }

    /** The line of the statement in which reading ended; the first is 1. */
    public int line() {
      return line;
    }
  }

  public SqlStatement {
    columns = List.copyOf(columns);
    reads = Set.copyOf(reads);
    functions = Set.copyOf(functions);
  }

  /** A column's name as it stands in a statement: in backticks where it must. */
  public static String identifier(String name) {
    if (PLAIN_NAME.matcher(name).matches()) {
      try {
        node("CREATE TABLE t (%1$s INT, PRIMARY KEY (%1$s) NOT ENFORCED)".formatted(name));
        node("SELECT 1 AS a, %1$s FROM t WHERE %1$s IS NULL".formatted(name));
        return name;
      } catch (UnreadableException e) {
        // A word of SQL.
      }
    }
    return SqlName.quoted(name);
  }

  /**
   * Reads a statement.
   *
   * @param text one statement, without a semicolon behind it
   * @throws UnreadableException when it is not SQL
   */
  public static SqlStatement parse(String text) throws UnreadableException {
    SqlNode node = node(text);
    Names names = new Names();
    node.accept(names);
    names.reads.removeAll(names.defined);
    if (node instanceof RichSqlInsert insert) {
      if (insert.isOverwrite() || !insert.getStaticPartitions().isEmpty()) {
        throw new UnreadableException(
            text, "INSERT OVERWRITE and PARTITION would drop or hide what others write");
      }
      SqlNodeList columns = insert.getTargetColumnList();
      String query = textFrom(text, insert.getSource());
      String end = columns == null ? query : textFrom(text, columns);
      int start = start(text, insert.getTargetTable());
      return new SqlStatement(
          text,
          Kind.INSERT,
          Optional.of(nameOf(insert.getTargetTable())),
          Optional.of(text.substring(start, text.length() - end.length()).strip()),
          columns == null ? List.of() : columns.stream().map(SqlStatement::last).toList(),
          Optional.of(query),
          names.reads,
          names.functions);
    }
    if (node instanceof SqlCreateView view) {
      return new SqlStatement(
          text,
          Kind.VIEW,
          Optional.of(last(view.operand(0))),
          Optional.empty(),
          List.of(),
          Optional.of(textFrom(text, view.getQuery())),
          names.reads,
          names.functions);
    }
    return new SqlStatement(
        text,
        Kind.OTHER,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        names.reads,
        names.functions);
  }

  /**
   * The columns that a statement stores, with their types.
   *
   * @param text a {@code CREATE TABLE}
   * @return types by column, in the order of the columns; without NOT NULL
   * @throws UnreadableException when it is not SQL
   */
  public static Map<String, String> columnTypes(String text) throws UnreadableException {
    Map<String, String> types = new LinkedHashMap<>();
    if (node(text) instanceof SqlCreateTable table) {
      for (SqlNode column : table.getColumnList()) {
        if (column instanceof SqlRegularColumn stored) {
          types.put(
              stored.getName().getSimple(),
              stored.getType().withNullable(null).toSqlString(AnsiSqlDialect.DEFAULT).getSql());
        }
      }
    }
    return types;
  }

  /** Whether it calls a function. */
  public boolean calls(String function) {
    return functions.contains(function.toUpperCase(Locale.ROOT));
  }

  private static SqlNode node(String text) throws UnreadableException {
    try {
      return SqlParser.create(text, PARSER).parseStmt();
    } catch (SqlParseException e) {
      throw new UnreadableException(text, e);
    }
  }

  /** From where a part begins to the end of the statement, with the brackets around it. */
  private static String textFrom(String text, SqlNode part) {
    int start = start(text, part);
    for (int i = start - 1; i >= 0; i--) {
      char before = text.charAt(i);
      if (before == '(') {
        start = i;
      } else if (!Character.isWhitespace(before)) {
        break;
      }
    }
    return text.substring(start);
  }

  private static int start(String text, SqlNode part) {
    Begin begin = new Begin();
    part.accept(begin);
    return offset(text, begin.first.getLineNum(), begin.first.getColumnNum());
  }

  /** Both count from 1. */
  private static int offset(String text, int line, int column) {
    int start = 0;
    for (int i = 1; i < line; i++) {
      start = text.indexOf('\n', start) + 1;
    }
    return start + column - 1;
  }

  private static String nameOf(SqlNode table) {
    return table instanceof SqlCall reference ? nameOf(reference.operand(0)) : last(table);
  }

  private static String last(SqlNode identifier) {
    List<String> names = ((SqlIdentifier) identifier).names;
    return names.get(names.size() - 1);
  }

  /** Collects what a statement names. */
  private static final class Names extends SqlBasicVisitor<Void> {

    private final Set<String> reads = new LinkedHashSet<>();
    private final Set<String> functions = new HashSet<>();

    /** Names of WITH, which stand for no table. */
    private final Set<String> defined = new HashSet<>();

    @Override
    public Void visit(SqlCall call) {
      if (call instanceof SqlSelect select && select.getFrom() != null) {
        from(select.getFrom());
      } else if (call instanceof SqlWith with) {
        with.withList.forEach(item -> defined.add(((SqlWithItem) item).name.getSimple()));
      } else if (call.getKind() == SqlKind.EXPLICIT_TABLE) {
        from(call.operand(0));
      }
      if (call instanceof SqlBasicCall function) {
        functions.add(function.getOperator().getName().toUpperCase(Locale.ROOT));
      }
      return super.visit(call);
    }

    /** A part of a FROM clause. Queries in it are visited as every call is. */
    private void from(SqlNode part) {
      if (part instanceof SqlIdentifier) {
        reads.add(last(part));
      } else if (part instanceof SqlJoin join) {
        from(join.getLeft());
        from(join.getRight());
      } else if (part instanceof SqlCall call) {
        switch (call.getKind()) {
          case AS, TABLE_REF, SNAPSHOT, MATCH_RECOGNIZE, TABLESAMPLE, PIVOT, UNPIVOT ->
              from(call.operand(0));
          default -> {
            // A query, or rows that a function makes.
          }
        }
      }
    }
  }

  /** Finds the first place of anything in a query: that of an ORDER BY is its last part's. */
  private static final class Begin extends SqlBasicVisitor<Void> {

    private SqlParserPos first = new SqlParserPos(Integer.MAX_VALUE, 1);

    @Override
    public Void visit(SqlCall call) {
      look(call);
      return super.visit(call);
    }

    @Override
    public Void visit(SqlIdentifier identifier) {
      return look(identifier);
    }

    @Override
    public Void visit(SqlLiteral literal) {
      return look(literal);
    }

    private Void look(SqlNode node) {
      SqlParserPos place = node.getParserPosition();
      if (place.getLineNum() > 0
          && (place.getLineNum() < first.getLineNum()
              || place.getLineNum() == first.getLineNum()
                  && place.getColumnNum() < first.getColumnNum())) {
        first = place;
      }
      return null;
    }
  }
}
