package dev.realtime.spring.journey;

/** It leaves from the servlet endpoint. */
class DrainIT extends DrainContract {

}
