ALTER TYPE mood ADD VALUE 'middle' BEFORE 'high';
