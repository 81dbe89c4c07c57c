package dev.realtime.spring.journey;

/** Clients are on the servlet endpoint. */
class OperatorDrainIT extends OperatorDrainContract {

}
