/** Tests of the package of the same name. */
@NullMarked
package dev.realtime.unread.jdbc;

import org.jspecify.annotations.NullMarked;
