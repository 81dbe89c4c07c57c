/** Tests of the JSON that the starter writes. */
@NullMarked
package dev.realtime.spring.json;

import org.jspecify.annotations.NullMarked;
