/** The plans of what moves heads. */
@NullMarked
package dev.realtime.numbering.jdbc;

import org.jspecify.annotations.NullMarked;
