/** Existing applications and plain clients, which know nothing of us. */
@NullMarked
package dev.realtime.spring.compat;

import org.jspecify.annotations.NullMarked;
