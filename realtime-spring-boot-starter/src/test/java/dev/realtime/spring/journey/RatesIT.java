package dev.realtime.spring.journey;

/** Rates in the servlet container. */
class RatesIT extends RatesContract {

}
