/** An application's package, which its own tests and profiles fill with beans. */
@NullMarked
package dev.realtime.spring.compat.orders;

import org.jspecify.annotations.NullMarked;
