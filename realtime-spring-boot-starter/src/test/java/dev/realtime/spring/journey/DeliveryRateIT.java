package dev.realtime.spring.journey;

class DeliveryRateIT extends DeliveryRateContract {

}
