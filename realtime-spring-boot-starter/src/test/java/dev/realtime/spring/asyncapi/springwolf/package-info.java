/** Tests with Springwolf, which is on the class path of their own execution alone. */
@NullMarked
package dev.realtime.spring.asyncapi.springwolf;

import org.jspecify.annotations.NullMarked;
