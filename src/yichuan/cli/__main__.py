from yichuan.cli import main

main()
