/** The database and its dialects, with pools that applications use. */
@NullMarked
package dev.realtime.jdbc;

import org.jspecify.annotations.NullMarked;
