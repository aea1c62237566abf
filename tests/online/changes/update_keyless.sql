UPDATE keyless SET b = 'c';
