/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.paimon;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.build.Plugin;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import org.apache.paimon.KeyValue;
import org.apache.paimon.mergetree.compact.MergeFunctionFactory;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.table.PrimaryKeyTableUtils;

/**
 * Has Paimon merge column groups by {@link ColumnGroupMergeFunction}: when this module is built,
 * the place where Paimon chooses the merge function of a table, {@link
 * PrimaryKeyTableUtils#createMergeFunctionFactory}, gets {@link Choice} as its last line. Paimon
 * 2.0.0 has no plug for it. Where Paimon's own class is found first, tables merge by Paimon's own
 * function, to the same rows, only slower.
 */
public final class PaimonMergeFunctions implements Plugin {

  @Override
  public boolean matches(TypeDescription type) {
    return type.represents(PrimaryKeyTableUtils.class);
  }

  /** Reads {@link Choice} as a file: the build's class loader has this module's classes only. */
  @Override
  public DynamicType.Builder<?> apply(
      DynamicType.Builder<?> builder, TypeDescription type, ClassFileLocator classes) {
    TypeDescription choice =
        TypePool.Default.of(classes).describe(Choice.class.getName()).resolve();
    return builder.visit(
        Advice.to(choice, classes).on(ElementMatchers.named("createMergeFunctionFactory")));
  }

  @Override
  public void close() {}

  /** What is added to the method. */
  static final class Choice {

    private Choice() {}

    @Advice.OnMethodExit
    static void choose(
        @Advice.Argument(0) TableSchema schema,
        @Advice.Return(readOnly = false) MergeFunctionFactory<KeyValue> factory) {
      factory = ColumnGroupMergeFunction.insteadOf(factory, schema);
    }
  }
}
