/** Tests of the package of the same name. */
@NullMarked
package dev.realtime.unread;

import org.jspecify.annotations.NullMarked;
