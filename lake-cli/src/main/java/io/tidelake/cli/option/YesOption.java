/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine.Option;

/** The option {@code --yes} of commands that ask before they do something that loses data. */
public final class YesOption {

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  /**
   * Whether the user agrees; asked on the terminal unless {@code --yes} is given.
   *
   * @param what what is lost, a sentence for the error when there is nobody to ask
   * @throws LakeException when there is nobody to ask
   */
  public boolean isConfirmed(PrintWriter err, String what) throws IOException {
    if (yes) {
      return true;
    }
    err.print(what + ". Do it? (y/n) ");
    err.flush();
    String answer =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    if (answer == null) {
      throw new LakeException(
          ErrorCode.CONFIRMATION_MISSING,
          what + ", and there is nobody to ask.",
          "To do it nevertheless, add --yes.");
    }
    return answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes");
  }
}
