/** Webhooks. */
@NullMarked
package dev.realtime.spring.webhook;

import org.jspecify.annotations.NullMarked;
