UPDATE composite SET v = v + 1;
