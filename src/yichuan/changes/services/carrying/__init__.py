"""What carrying an application out does in each room, kind by kind: `prepare` asks the device, `carry` does it all."""
